/** Whether the instances of one proxy have the same filesystem under the same id. */
@NullMarked
package org.nfsproxy.backend.coordinated.agreement;

import org.jspecify.annotations.NullMarked;
