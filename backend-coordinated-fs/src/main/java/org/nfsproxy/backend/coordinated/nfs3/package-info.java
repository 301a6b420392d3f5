/** NFS version 3, RFC 1813: all 22 procedures over {@code Files}. */
package org.nfsproxy.backend.coordinated.nfs3;
