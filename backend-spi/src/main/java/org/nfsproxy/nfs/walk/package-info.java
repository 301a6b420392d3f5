/** Walks that find by the tables what is in calls and replies. */
@NullMarked
package org.nfsproxy.nfs.walk;

import org.jspecify.annotations.NullMarked;
