/** A file of records that survives the process. */
@NullMarked
package org.nfsproxy.server.locks.journal;

import org.jspecify.annotations.NullMarked;
