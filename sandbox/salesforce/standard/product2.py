"""The standard fields of Product2, inferred: no describe of it was recorded, the names and sizes are commonly known.

One line per field: name | type | size | label | marks (see `notation`).
"""

FIELDS = """
Id                      | id        | -     | Product ID               | system id-lookup
Name                    | string    | 255   | Product Name             | required always name-field
ProductCode             | string    | 255   | Product Code             |
Description             | textarea  | 4000  | Product Description      | extra=plaintextarea
IsActive                | boolean   | -     | Active                   | always
CreatedDate             | datetime  | -     | Created Date             | system
CreatedById             | reference | -     | Created By ID            | system to=User as=CreatedBy
LastModifiedDate        | datetime  | -     | Last Modified Date       | system
LastModifiedById        | reference | -     | Last Modified By ID      | system to=User as=LastModifiedBy
SystemModstamp          | datetime  | -     | System Modstamp          | system
Family                  | picklist  | 255   | Product Family           | values=ProductFamily
ExternalDataSourceId    | reference | -     | External Data Source ID  | to=ExternalDataSource as=ExternalDataSource
ExternalId              | string    | 255   | External ID              |
DisplayUrl              | url       | 1000  | Display URL              |
QuantityUnitOfMeasure   | picklist  | 255   | Quantity Unit Of Measure | values=QuantityUnitOfMeasure
IsDeleted               | boolean   | -     | Deleted                  | fixed always
IsArchived              | boolean   | -     | Archived                 | fixed always
LastViewedDate          | datetime  | -     | Last Viewed Date         | fixed always
LastReferencedDate      | datetime  | -     | Last Referenced Date     | fixed always
StockKeepingUnit        | string    | 180   | Product SKU              |
"""
