/**
 * Client connections and the origin connections that belong to them: records in, records out, in
 * the pace of whoever reads slower. What is to happen to a record is the judge's.
 */
@NullMarked
package org.nfsproxy.server.listen;

import org.jspecify.annotations.NullMarked;
