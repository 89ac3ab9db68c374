"""A ChargeOver account as a local HTTP server: REST API v3 with state, a movable clock and faults on request.

Sources named in this package: *docs* (developer.chargeover.com), *recorded 2015* (129 exchanges with a live account in
the tests of the Ruby client chargeover_ruby), the official PHP and C# SDKs, webhook samples of 2014 and 2017, and a
connector tested live in 2026 (amp-labs/connectors). Where they are silent the module concerned says so, and the
default is the reading that is harder for a client.

*Does*

- Basic auth, the envelope, 201/202 with Location, 400/401/404 as documented; both forms of actions
- customer, user, item, package, invoice, transaction, quote, creditcard, ach, tokenized with all published fields;
  currency, terms, brand, admin, language, country, campaign, _resthook, _log_system
- where with nine operators, escapes, the colon trap and the documented filter fields; order by one column; limit,
  offset, _count, expand, token:, _bulk, _aggregate; _dummy and the _flag_ parameters are accepted
- money: invoices, packages, customers and transactions agree after every action (see settling)
- mod_datetime that moves only where it was seen moving, or always ("kind")
- invoices, packages and customers turn overdue as the clock passes; a contact moves to another customer
- webhooks to a URL and to _resthook targets of the known events of customer, user, package, invoice and transaction;
  those of other objects, lost, doubled and disordered deliveries as switches
- switches for what accounts differ in (see Settings): filters beyond the documented lists or fewer, expand nodes, the
  largest page, zone and any format of datetimes, filters that compare moments or local texts, rows that appear late
- faults: 429 (with and without Retry-After), 500, 502, 503, HTML page, cut JSON, slow, dropped, answer lost, "empty"
  (an outage that answers that nothing is there); any of them only above a page size

*Does not*

- invoice packages by itself, send e-mail, make PDFs, compute taxes, dun, expire trials, write off
- announce what happens to the rows that go or change with another one: a deleted customer's invoices and contacts, the
  packages of a deleted card; hold back what a late row does to other rows
- read datetimes in an account's own format; give a contact to several customers
- usage, notes, reports, _config, _chargeoverjs; shapes of class, coupon and _customfield are unknown: they are empty
- pretty-print, keep sessions, limit rates by itself (no limit is documented), the old signed authorization
"""

from sandbox.chargeover.clock import Clock
from sandbox.chargeover.company import Company
from sandbox.chargeover.objects.small import furnish
from sandbox.chargeover.settings import Settings
from sandbox.chargeover.web import app

__all__ = ["Clock", "Company", "Settings", "app", "furnish"]
