"""The fields of User that owner and creator lookups can be read through, inferred; the one user is not writable.

One line per field: name | type | size | label | marks (see `notation`).
"""

FIELDS = """
Id                      | id        | -     | User ID                  | system id-lookup
Username                | string    | 80    | Username                 | basic id-lookup
LastName                | string    | 80    | Last Name                | basic
Name                    | string    | 121   | Full Name                | basic name-field
Email                   | email     | 128   | Email                    | basic id-lookup
IsActive                | boolean   | -     | Active                   | fixed always
CreatedDate             | datetime  | -     | Created Date             | system
LastModifiedDate        | datetime  | -     | Last Modified Date       | system
SystemModstamp          | datetime  | -     | System Modstamp          | system
"""
