"""The standard objects of every org: Account, Contact, Product2, the one User and its permission sets."""

from sandbox.salesforce.shape import Shape
from sandbox.salesforce.standard import account, contact, permission_set, product2, user
from sandbox.salesforce.standard.notation import read_fields

NAMES = ("Account", "Contact", "Product2", "User", "PermissionSet", "PermissionSetAssignment")


def standard_shapes() -> dict[str, Shape]:
    """The standard objects by name, with their key prefixes (verified for 001, 003, 005; others inferred)."""
    return {
        "Account": _shape("Account", "Accounts", "001", account.FIELDS),
        "Contact": _shape("Contact", "Contacts", "003", contact.FIELDS),
        "Product2": _shape("Product2", "Products", "01t", product2.FIELDS, label="Product"),
        "User": _shape("User", "Users", "005", user.FIELDS, writable=False),
        "PermissionSet": _shape(
            "PermissionSet", "Permission Sets", "0PS", permission_set.SETS, label="Permission Set", writable=False
        ),
        "PermissionSetAssignment": _shape(
            "PermissionSetAssignment",
            "Permission Set Assignments",
            "0Pa",
            permission_set.ASSIGNMENTS,
            label="Permission Set Assignment",
        ),
    }


def _shape(name: str, plural: str, prefix: str, table: str, *, label: str = "", writable: bool = True) -> Shape:
    return Shape(
        name=name,
        label=label or name,
        plural=plural,
        prefix=prefix,
        createable=writable,
        updateable=writable,
        deletable=writable,
        fields=read_fields(table),
    )
