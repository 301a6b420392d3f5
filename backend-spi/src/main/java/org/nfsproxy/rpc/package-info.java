/** Records, the header of a call, and replies that need no backend (RFC 5531). */
@NullMarked
package org.nfsproxy.rpc;

import org.jspecify.annotations.NullMarked;
