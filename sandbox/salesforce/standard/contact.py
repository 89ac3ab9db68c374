"""The standard fields of Contact, as a recorded describe of a real org shows them.

One line per field: name | type | size | label | marks (see `notation`).
"""

FIELDS = """
Id                      | id        | -     | Contact ID               | system id-lookup
IsDeleted               | boolean   | -     | Deleted                  | fixed always
MasterRecordId          | reference | -     | Master Record ID         | fixed always to=Contact as=MasterRecord
AccountId               | reference | -     | Account ID               | to=Account as=Account children=Contacts cascade
LastName                | string    | 80    | Last Name                | required always in=Name
FirstName               | string    | 40    | First Name               | always in=Name
Salutation              | picklist  | 40    | Salutation               | always in=Name values=Salutation
Name                    | string    | 121   | Full Name                | basic name-field
OtherStreet             | textarea  | 255   | Other Street             | in=OtherAddress extra=plaintextarea
OtherCity               | string    | 40    | Other City               | in=OtherAddress
OtherState              | string    | 80    | Other State/Province     | in=OtherAddress
OtherPostalCode         | string    | 20    | Other Zip/Postal Code    | in=OtherAddress
OtherCountry            | string    | 80    | Other Country            | in=OtherAddress
OtherLatitude           | double    | 18.15 | Other Latitude           | in=OtherAddress
OtherLongitude          | double    | 18.15 | Other Longitude          | in=OtherAddress
OtherGeocodeAccuracy    | picklist  | 40    | Other Geocode Accuracy   | restricted in=OtherAddress values=Geocode
OtherAddress            | address   | -     | Other Address            | fixed
MailingStreet           | textarea  | 255   | Mailing Street           | in=MailingAddress extra=plaintextarea
MailingCity             | string    | 40    | Mailing City             | in=MailingAddress
MailingState            | string    | 80    | Mailing State/Province   | in=MailingAddress
MailingPostalCode       | string    | 20    | Mailing Zip/Postal Code  | in=MailingAddress
MailingCountry          | string    | 80    | Mailing Country          | in=MailingAddress
MailingLatitude         | double    | 18.15 | Mailing Latitude         | in=MailingAddress
MailingLongitude        | double    | 18.15 | Mailing Longitude        | in=MailingAddress
MailingGeocodeAccuracy  | picklist  | 40    | Mailing Geocode Accuracy | restricted in=MailingAddress values=Geocode
MailingAddress          | address   | -     | Mailing Address          | fixed
Phone                   | phone     | 40    | Business Phone           |
Fax                     | phone     | 40    | Business Fax             |
MobilePhone             | phone     | 40    | Mobile Phone             |
HomePhone               | phone     | 40    | Home Phone               |
OtherPhone              | phone     | 40    | Other Phone              |
AssistantPhone          | phone     | 40    | Asst. Phone              |
ReportsToId             | reference | -     | Reports To ID            | to=Contact as=ReportsTo
Email                   | email     | 80    | Email                    | id-lookup
Title                   | string    | 128   | Title                    |
Department              | string    | 80    | Department               |
AssistantName           | string    | 40    | Assistant's Name         |
LeadSource              | picklist  | 255   | Lead Source              | values=LeadSource
Birthdate               | date      | -     | Birthdate                |
Description             | textarea  | 32000 | Contact Description      | extra=plaintextarea
OwnerId                 | reference | -     | Owner ID                 | required defaulted always to=User as=Owner
CreatedDate             | datetime  | -     | Created Date             | system
CreatedById             | reference | -     | Created By ID            | system to=User as=CreatedBy
LastModifiedDate        | datetime  | -     | Last Modified Date       | system
LastModifiedById        | reference | -     | Last Modified By ID      | system to=User as=LastModifiedBy
SystemModstamp          | datetime  | -     | System Modstamp          | system
LastActivityDate        | date      | -     | Last Activity            | fixed always
LastCURequestDate       | datetime  | -     | Last Stay-in-Touch Request Date | fixed always
LastCUUpdateDate        | datetime  | -     | Last Stay-in-Touch Save Date | fixed always
LastViewedDate          | datetime  | -     | Last Viewed Date         | fixed always
LastReferencedDate      | datetime  | -     | Last Referenced Date     | fixed always
EmailBouncedReason      | string    | 255   | Email Bounced Reason     | always
EmailBouncedDate        | datetime  | -     | Email Bounced Date       | always
IsEmailBounced          | boolean   | -     | Is Email Bounced         | fixed always
PhotoUrl                | url       | 255   | Photo URL                | fixed always extra=imageurl
Jigsaw                  | string    | 20    | Data.com Key             |
JigsawContactId         | string    | 20    | Jigsaw Contact ID        | fixed always as=JigsawContact
CleanStatus             | picklist  | 40    | Clean Status             | restricted values=CleanStatus
IndividualId            | reference | -     | Individual ID            | always to=Individual as=Individual
"""
