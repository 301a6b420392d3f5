package org.nfsproxy.server.admin;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.nfsproxy.server.metrics.MetricsWriter;

/** What the process and its Java have used, by the names that Prometheus's own libraries give. */
final class ProcessMetrics {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final int PAGE_BYTES = 4096;

  private ProcessMetrics() {}

  static void write(MetricsWriter text) {
    process(text);
    memory(text);
    java(text);
  }

  private static void process(MetricsWriter text) {
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    text.gauge("process_start_time_seconds", "When the process began, in seconds since 1970.")
        .sample(runtime.getStartTime() / 1000.0);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      text.counter("process_cpu_seconds_total", "CPU time of the process.")
          .sample(unix.getProcessCpuTime() / 1e9);
      text.gauge(
              "process_open_fds",
              "Open descriptors: two for each client connection, or a few more. Near"
                  + " process_max_fds: raise LimitNOFILE.")
          .sample(unix.getOpenFileDescriptorCount());
      text.gauge("process_max_fds", "How many there may be.")
          .sample(unix.getMaxFileDescriptorCount());
    }
    long resident = residentBytes();
    if (resident > 0) {
      text.gauge("process_resident_memory_bytes", "Memory that the process has.").sample(resident);
    }
  }

  private static long residentBytes() {
    try {
      String pages = Files.readString(STATM, StandardCharsets.US_ASCII).split(" ")[1];
      return Long.parseLong(pages) * PAGE_BYTES;
    } catch (IOException | RuntimeException noLinux) {
      return 0;
    }
  }

  private static void memory(MetricsWriter text) {
    text.gauge(
            "nfs_proxy_pooled_memory_bytes",
            "Memory outside the heap that Netty's pool of buffers has taken: what is in them, and"
                + " what it keeps for the next. Near nfs_proxy_pooled_memory_max_bytes: raise"
                + " -XX:MaxDirectMemorySize, or lower limits.recordMemoryBytesMax.")
        .sample(Math.max(0, PlatformDependent.usedDirectMemory()));
    text.gauge("nfs_proxy_pooled_memory_max_bytes", "How much it may take.")
        .sample(PlatformDependent.maxDirectMemory());
    text.gauge("jvm_buffer_pool_used_bytes", "Memory of Java's own buffers outside the heap.");
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      text.sample(pool.getMemoryUsed(), "pool", pool.getName());
    }
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    text.gauge("jvm_memory_used_bytes", "Memory that Java uses.")
        .sample(heap.getUsed(), "area", "heap")
        .sample(other.getUsed(), "area", "nonheap");
    text.gauge("jvm_memory_committed_bytes", "Memory that Java has.")
        .sample(heap.getCommitted(), "area", "heap")
        .sample(other.getCommitted(), "area", "nonheap");
    text.gauge("jvm_memory_max_bytes", "Memory that Java may have; -1 for no bound.")
        .sample(heap.getMax(), "area", "heap")
        .sample(other.getMax(), "area", "nonheap");
  }

  private static void java(MetricsWriter text) {
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    text.counter(
        "jvm_gc_collection_seconds_total",
        "Time spent collecting garbage. More than a few hundredths of a second a second: raise"
            + " -Xmx.");
    collectors.forEach(each -> text.sample(each.getCollectionTime() / 1e3, "gc", each.getName()));
    text.counter("jvm_gc_collections_total", "How often garbage was collected.");
    collectors.forEach(each -> text.sample(each.getCollectionCount(), "gc", each.getName()));
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    text.gauge("jvm_threads_current", "Threads.").sample(threads.getThreadCount());
  }
}
