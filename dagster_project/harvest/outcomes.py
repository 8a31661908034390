"""What can become of a request: a closed set, worded once, for the log and for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """
    One thing that can become of a request.

    Attributes:
        whose: `publisher`, `us`, `network`, or `""` where nothing is wrong.
        again: Whether it is worth asking again in the same run.
        title: A few words for a table.
        could: What the body could do, a sentence; `""` for nothing.
    """

    whose: str
    again: bool
    title: str
    could: str = ""


OUTCOMES = {
    "had": Outcome("", again=False, title="Fetched"),
    "unchanged": Outcome("", again=False, title="Not changed since it was last fetched"),
    "robots": Outcome("publisher", again=False, title="The site asks programs not to fetch this",
                      could="Allow programs to fetch the folder of published files in robots.txt."),
    "robots-unknown": Outcome("publisher", again=False, title="robots.txt could not be had, so nothing was fetched",
                              could="Make robots.txt answer, if only with 'not found'."),
    "gone": Outcome("publisher", again=False, title="Not there",
                    could="Keep addresses of published files when the website is rebuilt, or redirect them."),
    "refused": Outcome("publisher", again=False, title="Refused",
                       could="Let published files be fetched without signing in or a browser check."),
    "busy": Outcome("publisher", again=True, title="Too many requests, the site says"),
    "broken": Outcome("publisher", again=True, title="The website has a fault",
                      could="Look into the website's error log at that time."),
    "odd-status": Outcome("publisher", again=False, title="An answer that is neither the file nor a refusal"),
    "page-instead": Outcome("publisher", again=False, title="A web page stands where the file should be",
                            could="Put the file itself at this address; a missing file should answer 'not found'."),
    "cookie-wall": Outcome("publisher", again=False, title="The file is behind a cookie or browser check",
                           could="Let published files be fetched without cookies."),
    "empty": Outcome("publisher", again=False, title="Empty", could="Upload the file again."),
    "truncated": Outcome("network", again=True, title="Cut short"),
    "no-answer": Outcome("network", again=True, title="No answer in time"),
    "no-connection": Outcome("network", again=True, title="No connection"),
    "no-address": Outcome("publisher", again=True, title="No such website",
                          could="Renew the name of the website, or say where it moved."),
    "too-slow": Outcome("publisher", again=False, title="Too slow"),
    "too-large": Outcome("us", again=False, title="Larger than we accept",
                         could="Publish one file per month, without an archive around them."),
    "unknown-packing": Outcome("publisher", again=False, title="Packed in a way that was not asked for"),
    "redirect-loop": Outcome("publisher", again=False, title="Redirected in a circle",
                             could="Mend the website's redirects."),
    "not-public": Outcome("publisher", again=False, title="Leads to an address that is not on the public web",
                          could="Link to the public address of the file."),
    "certificate-expired": Outcome("publisher", again=False, title="The certificate has expired",
                                   could="Renew the website's certificate."),
    "certificate-chain": Outcome("publisher", again=False, title="The certificate's chain is incomplete",
                                 could="Install the intermediate certificate beside the website's own."),
    "certificate": Outcome("publisher", again=False, title="The certificate does not prove the website",
                           could="Install a certificate for this name from a public authority."),
}  # fmt: skip

#: Nothing is wrong.
WELL = ("had", "unchanged")
