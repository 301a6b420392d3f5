/** Walks that find by the tables what is in calls and replies. */
package org.nfsproxy.nfs.walk;
