/** Locks of NFSv3, which are refused. */
@NullMarked
package org.nfsproxy.server.nlm;

import org.jspecify.annotations.NullMarked;
