"""What befalls an ingest job as a whole: the codes of its "Code : text" (Bulk API guide)."""

from pipelines.salesforce.fault import Fault, Kind

_AGAIN = "nothing: the rows that the job did not come to are sent again"
_REPORT = "report it: the loader sent what it never should"
_OVER_REST = "nothing: its rows are sent over REST, where the bad one stands alone; report it if there is none"

BULK_FAULTS = (
    Fault("TooManyLockFailure", Kind.RETRY, "too many rows of the job met locks",
          "nothing: the rows are sent again; if it stays, see what else writes to their parents"),
    Fault("Timeout", Kind.RETRY, "a batch of the job took too long, again and again",
          "nothing: the rows are sent again; if it stays, look at the triggers and flows of the object"),
    Fault("Unknown", Kind.RETRY, "Salesforce failed inside of the job, or says so in words that are new", _AGAIN),
    Fault("InvalidBatch", Kind.SOBJECT_STOP, "the sObject has no such field, or the user has no right to see it",
          "create the field, give the user field-level security for it, or take it out of the mapping",
          "Field name not found"),
    Fault("InvalidBatch", Kind.SOBJECT_STOP, "the sObject has no such lookup, or the user has no right to see it",
          "create the lookup, give the user field-level security for it, or take it out of the mapping",
          "Unable to find relationship"),
    Fault("InvalidBatch", Kind.SOBJECT_STOP, "a lookup names its type, though it looks up one sObject only",
          "write the relationship without a type in the mapping", "type is not needed"),
    Fault("InvalidBatch", Kind.SPLIT, "the org cannot read the file of the job", _OVER_REST),
    Fault("ClientInputError", Kind.SPLIT, "the org cannot read the file of the job", _OVER_REST),
    Fault("InvalidJob", Kind.SOBJECT_STOP, "the external id field is not there, not an external id, or not visible",
          "mark the field as external id and give the user field-level security for it",
          "does not match an External ID"),
    Fault("InvalidJob", Kind.SOBJECT_STOP, "the org does not take such a job for this sObject",
          "deploy the schema, give the user the permission set, or correct the name in the mapping"),
    Fault("ExceededQuota", Kind.STOP, "the org has used up its batches or rows of the last 24 hours",
          "wait until the window moves on", passes=True),
    Fault("FeatureNotEnabled", Kind.STOP, "the org or the user does not have this function",
          "ask the Salesforce administrator to turn it on"),
    Fault("InvalidUser", Kind.STOP, "the user may not run such jobs",
          "give the user the permission set of the schema, and the right API Enabled"),
    Fault("InvalidSessionId", Kind.STOP, "the login did not hold until the job was done",
          "nothing: the next run logs in anew; if it stays, look at the session policies of the app", passes=True),
    Fault("InvalidJobState", Kind.STOP, "the job is not as we left it: somebody else closed or aborted it",
          "nothing: the next run sends its rows again", passes=True),
    Fault("Aborted", Kind.STOP, "somebody aborted the job in Salesforce",
          "nothing: the next run sends the rows again that the job did not come to", passes=True),
    Fault("NotFound", Kind.STOP, "the org does not know the job any more, or what it speaks of",
          "nothing: the next run sends its rows again", passes=True),
    Fault("InvalidOperation", Kind.STOP, "the org does not do this with a job", _REPORT),
    Fault("InvalidUrl", Kind.STOP, "the address of the job is wrong", _REPORT),
    Fault("MethodNotAllowed", Kind.STOP, "the address of the job does not take this method", _REPORT),
)  # fmt: skip
