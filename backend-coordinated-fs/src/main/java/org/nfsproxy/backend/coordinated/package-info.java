/** Backend: filesystems that coordinate their filehandles, served by an engine of our own. */
@NullMarked
package org.nfsproxy.backend.coordinated;

import org.jspecify.annotations.NullMarked;
