/**
 * Calls for locks that one instance takes and another answers, and calls to clients the way back.
 */
@NullMarked
package org.nfsproxy.server.locks.forward;

import org.jspecify.annotations.NullMarked;
