/** NLM version 4 and NSM version 1 on the wire: what is read, and what is written anew. */
@NullMarked
package org.nfsproxy.server.locks.wire;

import org.jspecify.annotations.NullMarked;
