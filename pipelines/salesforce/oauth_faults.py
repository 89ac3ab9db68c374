"""What Salesforce's token address says when a login fails."""

from pipelines.salesforce.fault import Fault, Kind

_APP = "in Salesforce: Setup, External Client App Manager, the app's policies"
_STOP = Kind.STOP

OAUTH_FAULTS = (
    Fault("invalid_grant", _STOP, "nobody has approved the app for this user",
          f"let the app be used by a permission set that the user has ({_APP})", "approved"),
    Fault("invalid_grant", _STOP, "the audience of the login is wrong",
          "set the audience to https://login.salesforce.com, or https://test.salesforce.com for a sandbox", "audience"),
    Fault("invalid_grant", _STOP, "the app has no user to run as",
          f"turn on the client credentials flow and name the user ({_APP})", "no client credentials user"),
    Fault("invalid_grant", _STOP, "this host does not take this kind of login",
          "use the address https://MYDOMAIN.my.salesforce.com of the org (Setup, My Domain)", "not supported on this"),
    Fault("invalid_grant", _STOP, "the user may not log in from this network",
          "relax the IP restriction of the app, or add this address to the trusted ranges", "ip restricted"),
    Fault("invalid_grant", _STOP, "the code of this login has expired or was used before (it lives 15 minutes)",
          "run co2sf connect salesforce again, and finish it without a long pause", "authorization code"),
    Fault("invalid_grant", _STOP, "the answer does not belong to the login that was begun",
          "run co2sf connect salesforce again", "code verifier"),
    Fault("invalid_grant", _STOP, "the org does not accept the login of this user",
          "check the user name, that the user is active, that the certificate of the app belongs to our key, "
          "and that this machine's clock is right"),
    Fault("invalid_client_id", _STOP, "the org knows no app with this client id",
          "copy the consumer key of the app once more; a new app takes some ten minutes to be known"),
    Fault("invalid_client", _STOP, "the client secret does not belong to the client id",
          "copy the consumer secret of the app once more"),
    Fault("invalid_app_access", _STOP, "the administrator has not admitted the user to the app",
          f"give the user a permission set that the app admits ({_APP})"),
    Fault("invalid_request", _STOP, "the login lacks something that the org asks for",
          "check that client id, secret or key are all set"),
    Fault("redirect_uri_mismatch", _STOP, "the app has another callback URL",
          "enter the callback URL that co2sf connect salesforce prints in the app, letter by letter"),
    Fault("unsupported_grant_type", _STOP, "the app does not have this kind of login turned on",
          f"turn on the client credentials flow or the JWT bearer flow ({_APP})"),
    Fault("inactive_user", _STOP, "the user is not active", "activate the user in Salesforce"),
    Fault("inactive_org", _STOP, "the org is not active", "ask Salesforce support"),
    Fault("rate_limit_exceeded", _STOP, "this user has logged in too often within an hour",
          "wait some minutes", passes=True),
)  # fmt: skip
