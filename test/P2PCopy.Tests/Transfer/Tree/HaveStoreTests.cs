using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Tests.Transfer.Tree;

public sealed class HaveStoreTests
{
    [Fact]
    public void Blocks_behind_the_last_hash_are_known_to_be_missing_wherever_the_empty_page_stands()
    {
        var store = new HaveStore();
        store.Expect(3);
        Assert.True(store.TryAdd(new HaveMessage { Entry = 3, FirstBlock = 0, Hashes = new byte[2 * TreeLimits.HashBytes] }));
        Assert.False(store.TryLook(3, 2, out _));
        Assert.True(store.TryAdd(new HaveMessage { Entry = 3, FirstBlock = 96, Hashes = [], Last = true }));

        Assert.True(store.TryLook(3, 2, out var hash));
        Assert.Null(hash);
        Assert.True(store.TryLook(3, 95, out hash));
        Assert.Null(hash);
    }
}
