/** NFS version 3, RFC 1813: all 22 procedures over {@code Files}. */
@NullMarked
package org.nfsproxy.backend.coordinated.nfs3;

import org.jspecify.annotations.NullMarked;
