global using FastBuffers.Locking;
