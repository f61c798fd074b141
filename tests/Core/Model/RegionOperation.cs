namespace FastBuffers.Tests.Model;

public enum RegionOperation
{
    Slice,
    Take,
    Scoped,
    Append,
    Resize,
    TryFree,
    Dispose,
    List,
    Release,
    Downgrade,
    Upgrade,
    Share,
    Split,
    Join,
    Freeze,
    ResizeThrough,
    Publish,
    Write,
    Pin,
    Open,
}
