package org.nfsproxy.server.judge;

import org.nfsproxy.server.exports.Export;

/**
 * Why an operation is not forwarded.
 *
 * @param operation which of a COMPOUND, from 0; 0 for a procedure
 * @param status the status it is refused with
 * @param export whose parameters refuse it; null if it is not known
 */
record Refusal(int operation, int status, Export export) {}
