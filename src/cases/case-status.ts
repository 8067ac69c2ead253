/** How far staff are with a case, in the order of their work. */
export const CASE_STATUSES = ["new", "reading", "waiting", "answered", "closed"] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];
