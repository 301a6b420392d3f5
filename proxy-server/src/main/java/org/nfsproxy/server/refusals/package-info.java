/**
 * The trace that a refused call leaves: a line in the log, within bounds, and a count by rule.
 * Knows rules and reasons, and nothing of how a call is judged.
 */
@NullMarked
package org.nfsproxy.server.refusals;

import org.jspecify.annotations.NullMarked;
