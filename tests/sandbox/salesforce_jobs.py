"""A client of the Salesforce sandbox for ingest jobs, which the tests of jobs share."""

import csv
import io

from salesforce_crowd import Crowd

ENDED = {"JobComplete", "Failed", "Aborted"}
HEADER = "Ext__c,Name\n"


def rows(first, last) -> str:
    """The rows of a file below HEADER, with these numbers as keys."""
    return "".join(f"{number},A{number}\n" for number in range(first, last))


class JobDesk(Crowd):
    """Opens, fills and closes jobs, and waits for them."""

    def open(self, operation="upsert", sobject="Account", key="Ext__c", **more) -> str:
        """Opens a job and gives its id."""
        asked = {"object": sobject, "operation": operation, **more}
        if operation == "upsert":
            asked["externalIdFieldName"] = key
        answer = self.desk.call("POST", "jobs/ingest", json=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    def upload(self, job, text, kind="text/csv"):
        """Uploads a file as it stands."""
        data = text if isinstance(text, bytes) else text.encode()
        return self.desk.call("PUT", f"jobs/ingest/{job}/batches", data=data, headers={"Content-Type": kind})

    def change(self, job, state):
        """Asks for another state."""
        return self.desk.call("PATCH", f"jobs/ingest/{job}", json={"state": state})

    def begin(self, text, operation="upsert", sobject="Account", **more) -> str:
        """A job that is closed with this file; its id."""
        job = self.open(operation, sobject, **more)
        assert self.upload(job, text).status_code == 201
        assert self.change(job, "UploadComplete").status_code == 200
        return job

    def info(self, job) -> dict:
        """What the vendor says of a job."""
        return self.desk.call("GET", f"jobs/ingest/{job}").json()

    def ended(self, job) -> dict:
        """The same once the job has ended."""
        self.until(lambda: self.info(job)["state"] in ENDED)
        return self.info(job)

    def run(self, text, operation="upsert", sobject="Account", **more) -> dict:
        """Runs a job to its end."""
        return self.ended(self.begin(text, operation, sobject, **more))

    def text(self, job, which) -> str:
        """A result as it was answered: successfulResults, failedResults or unprocessedrecords."""
        answer = self.desk.call("GET", f"jobs/ingest/{job}/{which}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "text/csv; charset=UTF-8"
        return answer.text

    def rows(self, job, which) -> list[dict]:
        """The rows of a result."""
        return list(csv.DictReader(io.StringIO(self.text(job, which), newline="")))

    def keys(self, job, which) -> list[int]:
        """The numbers that are the keys of a result's rows, in order."""
        return sorted(int(row["Ext__c"]) for row in self.rows(job, which))

    def pass_time(self, seconds) -> None:
        """Moves the org's clock on."""
        self.desk.admin("POST", "clock", {"advance_seconds": seconds})

    def error(self, text, operation="upsert", sobject="Account", **more) -> str:
        """The sf__Error of the one row that fails in a job."""
        (row,) = self.rows(self.run(text, operation, sobject, **more)["id"], "failedResults")
        return row["sf__Error"]

    def failure(self, text, operation="upsert", sobject="Account", **more) -> str:
        """The errorMessage of a job that fails before its first row."""
        info = self.run(text, operation, sobject, **more)
        assert (info["state"], info["numberRecordsProcessed"], info["numberRecordsFailed"]) == ("Failed", 0, 0), info
        return info["errorMessage"]
