/** What one client connection has at the origin. */
@NullMarked
package org.nfsproxy.backend.nfs.session;

import org.jspecify.annotations.NullMarked;
