/** A capture of one client's calls, as what they ask for and what came of them, for a while. */
@NullMarked
package org.nfsproxy.server.capture;

import org.jspecify.annotations.NullMarked;
