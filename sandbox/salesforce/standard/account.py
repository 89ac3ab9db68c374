"""The standard fields of Account, as a recorded describe of a real org (API 48) shows them.

One line per field: name | type | size | label | marks (see `notation`).
"""

FIELDS = """
Id                      | id        | -     | Account ID               | system id-lookup
IsDeleted               | boolean   | -     | Deleted                  | fixed always
MasterRecordId          | reference | -     | Master Record ID         | fixed always to=Account as=MasterRecord
Name                    | string    | 255   | Account Name             | required always name-field
Type                    | picklist  | 40    | Account Type             | values=AccountType
RecordTypeId            | reference | -     | Record Type ID           | always to=RecordType as=RecordType
ParentId                | reference | -     | Parent Account ID        | to=Account as=Parent children=ChildAccounts
BillingStreet           | textarea  | 255   | Billing Street           | in=BillingAddress extra=plaintextarea
BillingCity             | string    | 40    | Billing City             | in=BillingAddress
BillingState            | string    | 80    | Billing State/Province   | in=BillingAddress
BillingPostalCode       | string    | 20    | Billing Zip/Postal Code  | in=BillingAddress
BillingCountry          | string    | 80    | Billing Country          | in=BillingAddress
BillingLatitude         | double    | 18.15 | Billing Latitude         | in=BillingAddress
BillingLongitude        | double    | 18.15 | Billing Longitude        | in=BillingAddress
BillingGeocodeAccuracy  | picklist  | 40    | Billing Geocode Accuracy | restricted in=BillingAddress values=Geocode
BillingAddress          | address   | -     | Billing Address          | fixed
ShippingStreet          | textarea  | 255   | Shipping Street          | in=ShippingAddress extra=plaintextarea
ShippingCity            | string    | 40    | Shipping City            | in=ShippingAddress
ShippingState           | string    | 80    | Shipping State/Province  | in=ShippingAddress
ShippingPostalCode      | string    | 20    | Shipping Zip/Postal Code | in=ShippingAddress
ShippingCountry         | string    | 80    | Shipping Country         | in=ShippingAddress
ShippingLatitude        | double    | 18.15 | Shipping Latitude        | in=ShippingAddress
ShippingLongitude       | double    | 18.15 | Shipping Longitude       | in=ShippingAddress
ShippingGeocodeAccuracy | picklist  | 40    | Shipping Geocode Accuracy | restricted in=ShippingAddress values=Geocode
ShippingAddress         | address   | -     | Shipping Address         | fixed
Phone                   | phone     | 40    | Account Phone            |
Fax                     | phone     | 40    | Account Fax              |
AccountNumber           | string    | 40    | Account Number           |
Website                 | url       | 255   | Website                  |
PhotoUrl                | url       | 255   | Photo URL                | fixed always extra=imageurl
Sic                     | string    | 20    | SIC Code                 |
Industry                | picklist  | 40    | Industry                 | values=Industry
AnnualRevenue           | currency  | 18.0  | Annual Revenue           |
NumberOfEmployees       | int       | 8     | Employees                |
Ownership               | picklist  | 40    | Ownership                | values=Ownership
TickerSymbol            | string    | 20    | Ticker Symbol            |
Description             | textarea  | 32000 | Account Description      | extra=plaintextarea
Rating                  | picklist  | 40    | Account Rating           | values=Rating
Site                    | string    | 80    | Account Site             |
OwnerId                 | reference | -     | Owner ID                 | required defaulted always to=User as=Owner
CreatedDate             | datetime  | -     | Created Date             | system
CreatedById             | reference | -     | Created By ID            | system to=User as=CreatedBy
LastModifiedDate        | datetime  | -     | Last Modified Date       | system
LastModifiedById        | reference | -     | Last Modified By ID      | system to=User as=LastModifiedBy
SystemModstamp          | datetime  | -     | System Modstamp          | system
LastActivityDate        | date      | -     | Last Activity            | fixed always
LastViewedDate          | datetime  | -     | Last Viewed Date         | fixed always
LastReferencedDate      | datetime  | -     | Last Referenced Date     | fixed always
IsPartner               | boolean   | -     | Partner Account          | update-only always
IsCustomerPortal        | boolean   | -     | Customer Portal Account  | update-only always
ChannelProgramName      | string    | 255   | Channel Program Name     | fixed always
ChannelProgramLevelName | string    | 255   | Channel Program Level Name | fixed always
Jigsaw                  | string    | 20    | Data.com Key             |
JigsawCompanyId         | string    | 20    | Jigsaw Company ID        | fixed always as=JigsawCompany
CleanStatus             | picklist  | 40    | Clean Status             | restricted values=CleanStatus
AccountSource           | picklist  | 40    | Account Source           | values=LeadSource
DunsNumber              | string    | 9     | D-U-N-S Number           |
Tradestyle              | string    | 255   | Tradestyle               |
NaicsCode               | string    | 8     | NAICS Code               |
NaicsDesc               | string    | 120   | NAICS Description        |
YearStarted             | string    | 4     | Year Started             |
SicDesc                 | string    | 80    | SIC Description          |
DandbCompanyId          | reference | -     | D&B Company ID           | to=DandBCompany as=DandbCompany
OperatingHoursId        | reference | -     | Operating Hour ID        | to=OperatingHours as=OperatingHours
"""
