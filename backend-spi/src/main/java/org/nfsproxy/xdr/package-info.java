/** A cursor over XDR items in a buffer, and a writer (RFC 4506). */
@NullMarked
package org.nfsproxy.xdr;

import org.jspecify.annotations.NullMarked;
