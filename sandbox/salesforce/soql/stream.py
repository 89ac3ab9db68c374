"""Walks over the tokens of a statement, one ahead."""

from typing import NoReturn

from sandbox.salesforce.soql.tokens import Token, soql_error, tokenize


class Stream:
    """The tokens with a place in them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokenize(text)
        self._at = 0

    @property
    def current(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._at]

    def advance(self) -> Token:
        """Takes the next token."""
        token = self.current
        if token.kind != "end":
            self._at += 1
        return token

    def take_word(self, word: str) -> bool:
        """Takes the next token if it is this keyword."""
        if self.current.word != word:
            return False
        self.advance()
        return True

    def take_symbol(self, symbol: str) -> bool:
        """Takes the next token if it is this symbol."""
        if self.current.kind != "symbol" or self.current.text != symbol:
            return False
        self.advance()
        return True

    def expect_word(self, word: str) -> None:
        """Takes this keyword or fails."""
        if not self.take_word(word):
            self.unexpected()

    def expect_symbol(self, symbol: str) -> None:
        """Takes this symbol or fails."""
        if not self.take_symbol(symbol):
            self.unexpected()

    def name(self) -> Token:
        """Takes a name or fails."""
        if self.current.kind != "name":
            self.unexpected()
        return self.advance()

    def unexpected(self) -> NoReturn:
        """MALFORMED_QUERY "unexpected token: 'FROM'" (verified text; at the end '<EOF>', inferred)."""
        self.fail(f"unexpected token: '{self.current.text}'")

    def fail(self, text: str, code: str = "MALFORMED_QUERY") -> NoReturn:
        """Refuses the statement at the current token."""
        raise soql_error(self.text, self.current.at, text, code)
