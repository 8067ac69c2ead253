/**
 * A throw-away key on brainpoolP256r1 and a message to it ("hello"), by GnuPG 2.2.40: openpgp.js for Node makes none
 * without another package. The passphrase is "p".
 */
export const BRAINPOOL_KEY = Buffer.from(
  "lKYEawdCxBMJKyQDAwIIAQEHAgMENMFLZQRtqGJI6t7u5aZgtDYDYLPsgcLRXhsoqGU8ntMI7tmWtzKUN/tALyxJNEmdvAYYLKqR" +
    "1Wg7fNDRnmJ2Wf4HAwKlDcJDXV5Ccf93MELs1nBDEAhcAW1TJBw76hIPRDDfe87QpyJ+AA21jnMVGRra7esAtV+PIqK7lFdV/HKS" +
    "UTJZOroWKSsKQBwZlGphRcchtA9icmFpbnBvb2xQMjU2cjGIkAQTEwgAOBYhBC8maQe1YcKnF+d3jkTXepKTkIsmBQJrB0LEAhsD" +
    "BQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEETXepKTkIsmmuIBAJV8IjBooD4DD+rojWi0HYIkUKZ+wyhrfxkzWBZBzWtoAP98" +
    "cqmaRENYWUqma+Nd+GS9dNmouKDujjgBLe8nGuSqlpyqBGsHQs8SCSskAwMCCAEBBwIDBIyWaiJSdBxrIw0qqm0/lIbcUG8vZ1tm" +
    "Ktqjax2W9qbIAJnaoLO8zjWnj96f5apEW8cfy4+cUohIXbldy2tIl7wDAQgH/gcDAgglHiDsF0Nh/08A5xhp+dfBiVMaHJXTyKMl" +
    "oc28jOVg1fORVas2UJvgo+WtkDY4VEp0lC1tJMs1Z2xrEjdbbwcyL//O/kuJZh/JFYmO1fWIeAQYEwgAIBYhBC8maQe1YcKnF+d3" +
    "jkTXepKTkIsmBQJrB0LPAhsMAAoJEETXepKTkIsmHesBAJcitjT5ELpG6PqWWM6vIjamCiLiVq8p9m5yHaEO5M5eAP4ivVZHM7Vp" +
    "/Hu+tkv58kCZJb/V8PJALSxMcvUvZZOdCQ==",
  "base64",
);
export const BRAINPOOL_MESSAGE = Buffer.from(
  "hH4Dw8WGWHmO/7ASAgMEaViIxvLn6SQRmZB608m9NMUR7W4uBtSiM9so8OGCbyubRc/IiDQUstuDHX4R+tlRzJF+CsOrm0MeWAgV" +
    "8FuXnTAm1C4cN7tq4rhJSfvjpJsldGjhr58Ccq64F3Z7MegtWpsM9uzOrfpXRnDVIK/Lq7rSRgGzFd/J1wJxvah5cOhfq9oXXJY6" +
    "oUfd3duCIAWYu1t/Inm0JUUWVCMsPbsjeIAgy2DMvjSFgmdnGGJBWFlvVwNbZLXtJRM=",
  "base64",
);
