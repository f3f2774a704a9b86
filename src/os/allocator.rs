//! The memory of the library: what is given back is overwritten first.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;

use zeroize::optimization_barrier;

#[cfg(feature = "internals")]
use crate::os::live_memory;

/// The allocator of the operating system, which gets memory back overwritten with zeros.
///
/// Tokens and secrets of the engine overwrite themselves. But they also pass through memory of other libraries, which
/// drop it as it is: TLS records, HTTP buffers, parsed JSON. That memory, too, keeps no secret once it is free.
pub struct WipingAllocator;

// SAFETY: each function keeps the promises of `System`, which does the work.
unsafe impl GlobalAlloc for WipingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        #[cfg(feature = "internals")]
        live_memory::add(layout.size());
        // SAFETY: the promise is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        #[cfg(feature = "internals")]
        live_memory::add(layout.size());
        // SAFETY: the promise is the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        #[cfg(feature = "internals")]
        live_memory::subtract(layout.size());
        // SAFETY: the memory has this layout and is no longer in use; it is initialized when it is read.
        unsafe {
            ptr::write_bytes(memory, 0, layout.size());
            // Otherwise the compiler may leave out writes to memory that is freed.
            optimization_barrier(&*memory);
            System.dealloc(memory, layout);
        }
    }

    /// Always moves: where the system's allocator moves, it leaves a copy behind.
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the promise is that `new_size` makes a valid layout with this alignment. The new memory does not
        // overlap the old one, and both have the bytes that are copied.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !moved.is_null() {
                ptr::copy_nonoverlapping(memory, moved, layout.size().min(new_size));
                self.dealloc(memory, layout);
            }
            moved
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_keeps_its_content_when_it_moves() {
        let layout = Layout::array::<u8>(5).unwrap();
        // SAFETY: the layouts are those of the memory, which is used for its size only.
        unsafe {
            let memory = WipingAllocator.alloc(layout);
            ptr::copy_nonoverlapping(b"bytes".as_ptr(), memory, 5);
            let memory = WipingAllocator.realloc(memory, layout, 5000);
            assert_eq!(std::slice::from_raw_parts(memory, 5), b"bytes");
            let memory = WipingAllocator.realloc(memory, Layout::array::<u8>(5000).unwrap(), 3);
            assert_eq!(std::slice::from_raw_parts(memory, 3), b"byt");
            WipingAllocator.dealloc(memory, Layout::array::<u8>(3).unwrap());
        }
    }

    #[test]
    fn zeroed_memory_is_zero() {
        let layout = Layout::array::<u8>(100).unwrap();
        // SAFETY: as above.
        unsafe {
            let memory = WipingAllocator.alloc_zeroed(layout);
            assert_eq!(std::slice::from_raw_parts(memory, 100), [0; 100]);
            WipingAllocator.dealloc(memory, layout);
        }
    }
}
