/** Which server is the origin, and how connections to it are made. */
@NullMarked
package org.nfsproxy.backend.nfs.connect;

import org.jspecify.annotations.NullMarked;
