package rail.bracken.tiles;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;

/** Streams track drawings; every open drawing keeps its tiles in buffers outside the heap. */
public final class TileStream {
    private static final Logger LOG = Logger.getLogger("rail.bracken.tiles.TileStream");

    private static final class Drawing {
        final String name;
        final List<ByteBuffer> tiles = new ArrayList<>();

        Drawing(String name) {
            this.name = name;
        }

        void open(int count) {
            for (int i = 0; i < count; i++) {
                tiles.add(ByteBuffer.allocateDirect(2 << 20));
            }
        }
    }

    public static void main(String[] args) throws Exception {
        LOG.info("tile-stream 2.8.0, heap max " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        LOG.warning("projection EPSG:27700 not in the local table, taken from the drawing");
        List<Drawing> open = new ArrayList<>();
        try {
            for (int n = 1; ; n++) {
                Drawing d = new Drawing("sheet-" + (700 + n));
                d.open(4);
                open.add(d);
                LOG.info("opened " + d.name + ", heap used "
                        + ((Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20) + " MiB");
                Thread.sleep(250);
            }
        } catch (Throwable t) {
            LOG.log(java.util.logging.Level.SEVERE, "drawing not opened, stream is given up", t);
            for (Drawing d : open) {
                LOG.info("closed " + d.name);
            }
            LOG.info("good bye");
            System.exit(2);
        }
    }
}
