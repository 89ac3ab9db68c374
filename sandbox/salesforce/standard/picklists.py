"""The values of the standard picklists, as the recorded describes list them; those of Product2 are inferred."""

from typing import Final

GEOCODE: Final = "Address NearAddress Block Street ExtendedZip Zip Neighborhood City County State Unknown"

# A value whose label differs stands as "value=label".
VALUES: Final[dict[str, tuple[str, ...]]] = {
    "AccountType": (
        "Prospect", "Customer - Direct", "Customer - Channel", "Channel Partner / Reseller", "Installation Partner",
        "Technology Partner", "Other",
    ),
    "Geocode": tuple(GEOCODE.split()),
    "Industry": (
        "Agriculture", "Apparel", "Banking", "Biotechnology", "Chemicals", "Communications", "Construction",
        "Consulting", "Education", "Electronics", "Energy", "Engineering", "Entertainment", "Environmental", "Finance",
        "Food & Beverage", "Government", "Healthcare", "Hospitality", "Insurance", "Machinery", "Manufacturing",
        "Media", "Not For Profit", "Recreation", "Retail", "Shipping", "Technology", "Telecommunications",
        "Transportation", "Utilities", "Other",
    ),
    "Ownership": ("Public", "Private", "Subsidiary", "Other"),
    "Rating": ("Hot", "Warm", "Cold"),
    "CleanStatus": (
        "Matched=In Sync", "Different", "Acknowledged=Reviewed", "NotFound=Not Found", "Inactive",
        "Pending=Not Compared", "SelectMatch=Select Match", "Skipped",
    ),
    "LeadSource": ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"),
    "Salutation": ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof."),
    "ProductFamily": ("None",),
    "QuantityUnitOfMeasure": ("Each",),
}  # fmt: skip
