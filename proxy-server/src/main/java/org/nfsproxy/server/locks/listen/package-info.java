/** Where lock managers and status monitors call: TCP and UDP. */
@NullMarked
package org.nfsproxy.server.locks.listen;

import org.jspecify.annotations.NullMarked;
