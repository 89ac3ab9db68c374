"""A Salesforce org in memory behind HTTP, for tests and the demo.

Every emulated behaviour names in its docstring what it rests on: *verified* (official text, a recorded answer of a
real org, or measured), *published* (a text of Salesforce that nobody checked against an org), *inferred*, or
*unknown*, where the stricter reading is taken.

Does:

- login by client credentials, by JWT bearer and by the web-server flow (screens to log in and to allow, PKCE, codes of
  one use, refresh tokens with or without rotation, at most five approvals), with the OAuth error bodies; userinfo,
  identity, revoke; sessions that expire when idle; the client app is set up by the admin path
- versions, resource list, /sobjects, describe with 57 keys per field, If-Modified-Since
- Account, Contact, Product2 and User with their standard fields, everything else from source-format metadata
- field-level security: what the permission sets do not grant is absent and looks unknown
- single rows: create, read, update, delete, and upsert by a key field (200, 201, 204, 300, 404, updateOnly)
- collections of 200: create, update, delete, upsert; allOrNone; duplicate keys in one call; one 400 for type errors
- composite: 25 subrequests, 5 collections, references, allOrNone with PROCESSING_HALTED
- field validation by type, required and unique fields, restricted picklists, lookups by id and by external id,
  master-detail and lookup semantics on delete
- SOQL: fields, parent fields, WHERE, ORDER BY, LIMIT, OFFSET, aggregates with GROUP BY (also year and
  month of dates), paging, queryAll
- limits with a Sforce-Limit-Info that counts, record counts
- Bulk API 2.0 ingest: insert, update, upsert, delete, hardDelete from one CSV file a job, saved by the code of the REST
  calls; all states, faults of header and file found late, results in another order, `#N/A`, relationship columns,
  batches of 10,000 in chunks of 200, limits of files and of a day, jobs that wait, run and expire by the org's clock
- Bulk API 2.0 query jobs: states, CSV pages by locator and maxRecords (published)
- other users, by whom rows are changed and deleted (admin path)
- calls that take time (per call and per row written): rows are seen when the call ends, until then it holds row locks
  that others wait for and then fail with UNABLE_TO_LOCK_ROW; at most 25 calls of 20 s and more
- fields and objects that an administrator hides, changes or shows again while the org runs (admin path)
- validation rules, duplicate rules, and times (admin path)
- faults on order (admin path): of calls, at once or after so many, before or after their work; of rows, those with a
  value or every n-th, alone or with their whole collection or call (inferred); of jobs
- deployments of metadata by REST (deployRequest): objects, fields and permission sets, checked for what Salesforce
  refuses, all or nothing, with checkOnly; describe and writes know them at once
- permission sets as rows, given to the user and taken away again
- an org as Salesforce delivers it, without any metadata of ours
- state that can be saved and loaded, jobs and what was deployed included

Does not:

- Bulk API 2.0 queryAll jobs, their list, abort and deletion, ingest jobs in one multipart call, uploads in gzip,
  assignment rules; Bulk API 1.0
- username-password and device login; login pages that remember a consent, hosts other than the one it listens on
- composite graph, batch and tree, SOAP, Tooling API, UI API
- deployments of other metadata, by parts (rollbackOnError false), with tests, quick ones, destructive changes; retrieve
- child subqueries, TYPEOF, HAVING, date literals such as TODAY, other date functions, SOSL
- getUpdated and getDeleted, undelete, merge, attachments and blobs, record types beyond the master
- triggers, flows, formulas and roll-ups (they stay empty), sharing, several currencies, other users' logins
- polymorphic lookups, compound names and locations, time zones of users
- locks of owners, groups and sharing; the end of calls after 10 minutes
"""

from sandbox.salesforce.org import Org
from sandbox.salesforce.web import app

__all__ = ["Org", "app"]
