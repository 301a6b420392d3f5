/** The protocols as tables: what operations are, take and give back, and their statuses. */
@NullMarked
package org.nfsproxy.nfs.table;

import org.jspecify.annotations.NullMarked;
