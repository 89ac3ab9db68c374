"""Permission sets and who has them, as rows: names of fields as published; only assignments can be written.

One line per field: name | type | size | label | marks (see `notation`).
"""

SETS = """
Id                      | id        | -     | Permission Set ID        | system id-lookup
Name                    | string    | 80    | Permission Set Name      | basic name-field
Label                   | string    | 80    | Permission Set Label     | basic
CreatedDate             | datetime  | -     | Created Date             | system
LastModifiedDate        | datetime  | -     | Last Modified Date       | system
SystemModstamp          | datetime  | -     | System Modstamp          | system
"""
ASSIGNMENTS = """
Id                      | id        | -     | Permission Set Assignment ID | system id-lookup
PermissionSetId         | reference | -     | Permission Set ID | required always to=PermissionSet as=PermissionSet
AssigneeId              | reference | -     | Assignee ID              | required always to=User as=Assignee
SystemModstamp          | datetime  | -     | System Modstamp          | system
"""
