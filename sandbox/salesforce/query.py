"""GET /query and /queryAll, and the further pages of a result."""

from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.errors import CallError
from sandbox.salesforce.org import Org
from sandbox.salesforce.soql.cursors import Cursor, page_size
from sandbox.salesforce.soql.parser import parse
from sandbox.salesforce.soql.select import run


def query(org: Org, call: Call) -> Answer:
    """{totalSize, done, records, nextRecordsUrl?} (verified); queryAll sees deleted rows too."""
    text = call.query.get("q")
    if not text:
        raise CallError(400, "MALFORMED_QUERY", "A query string has to be specified")
    deleted = call.segments[0].lower() == "queryall"
    total, results = run(org, parse(text), call.root, deleted=deleted)
    size = page_size(call.headers.get("sforce-query-options", ""))
    return Answer(200, org.cursors.open(Cursor(total, results, size), call.root))


def query_more(org: Org, call: Call) -> Answer:
    """A page by its locator."""
    return Answer(200, org.cursors.more(call.segments[1], call.root))
