/**
 * The audit log: who changed what, and who was refused what, as events in a file of its own. Knows
 * what was noted of calls, and nothing of how they are carried.
 */
@NullMarked
package org.nfsproxy.server.audit;

import org.jspecify.annotations.NullMarked;
