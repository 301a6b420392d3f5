/** MOUNT version 3, RFC 1813 appendix I. */
@NullMarked
package org.nfsproxy.backend.coordinated.mount;

import org.jspecify.annotations.NullMarked;
