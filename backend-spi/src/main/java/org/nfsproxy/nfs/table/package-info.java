/** The protocols as tables: what operations are, take and give back, and their statuses. */
package org.nfsproxy.nfs.table;
