using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Tests.Objects;

public sealed class StateDatabaseTests
{
    private static readonly ObjectId Id = ObjectId.Of("x"u8);

    [Fact]
    public void Remembers_ten_thousand_files_over_its_growth_and_a_new_start()
    {
        using var folder = new TemporaryFolder();
        using (var state = StateDatabase.Open(folder["state"]))
        {
            for (var i = 0; i < 10_000; i++)
            {
                state.Set(Stamp(i), ObjectId.Of(BitConverter.GetBytes(i)), long.MaxValue);
            }
        }

        using var again = StateDatabase.Open(folder["state"]);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(again.TryGet(Stamp(i), out var id), $"file {i}");
            Assert.Equal(ObjectId.Of(BitConverter.GetBytes(i)), id);
        }
    }

    [Fact]
    public void Knows_a_file_only_by_all_of_its_stamp()
    {
        using var folder = new TemporaryFolder();
        using var state = StateDatabase.Open(folder["state"]);
        state.Set(Stamp(1), Id, long.MaxValue);

        Assert.True(state.TryGet(Stamp(1), out _));
        Assert.False(state.TryGet(Stamp(1) with { Size = 2 }, out _));
        Assert.False(state.TryGet(Stamp(1) with { ModifiedNanoseconds = 8 }, out _));
        Assert.False(state.TryGet(Stamp(1) with { Inode = 99 }, out _));
        Assert.False(state.TryGet(Stamp(1) with { Device = 99 }, out _));
        Assert.False(state.TryGet(Stamp(1), out _, isLegacy: true));
    }

    [Fact]
    public void Does_not_remember_a_file_that_may_change_within_the_tick_of_its_last_change()
    {
        using var folder = new TemporaryFolder();
        using var state = StateDatabase.Open(folder["state"]);
        var stamp = Stamp(1) with { ModifiedNanoseconds = 5_000_000_001 };

        state.Set(stamp, Id, readAtNanoseconds: 5_010_000_000);
        Assert.False(state.TryGet(stamp, out _));

        state.Set(stamp, Id, readAtNanoseconds: 5_100_000_000);
        Assert.True(state.TryGet(stamp, out _));
    }

    [Fact]
    public void Waits_longer_where_the_file_system_keeps_whole_seconds()
    {
        var stamp = Stamp(1) with { ModifiedNanoseconds = 5_000_000_000 };

        Assert.True(stamp.MayChangeUnseen(6_900_000_000));
        Assert.False(stamp.MayChangeUnseen(7_200_000_000));
    }

    [Fact]
    public void A_damaged_file_counts_as_empty_and_a_damaged_record_as_absent()
    {
        using var folder = new TemporaryFolder();
        folder.Write("state", new string('x', 5000));
        using (var state = StateDatabase.Open(folder["state"]))
        {
            Assert.False(state.TryGet(Stamp(1), out _));
            state.Set(Stamp(1), Id, long.MaxValue);
        }

        var bytes = File.ReadAllBytes(folder["state"]);
        var at = bytes.AsSpan(64).IndexOfAnyExcept((byte)0) + 64;
        bytes[at + 40] ^= 1;
        File.WriteAllBytes(folder["state"], bytes);
        using var again = StateDatabase.Open(folder["state"]);
        Assert.False(again.TryGet(Stamp(1), out _));
    }

    private static FileStamp Stamp(int i) => new(7, (ulong)(i + 1000), 7, 1, 0x81A4, 1);
}
