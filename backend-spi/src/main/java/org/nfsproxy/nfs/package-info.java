/** What all of the protocols' parts speak of. */
@NullMarked
package org.nfsproxy.nfs;

import org.jspecify.annotations.NullMarked;
