/** An NFS server as origin. */
@NullMarked
package org.nfsproxy.backend.nfs;

import org.jspecify.annotations.NullMarked;
