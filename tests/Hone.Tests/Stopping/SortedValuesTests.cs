using Hone.Stopping;

namespace Hone.Tests.Stopping;

public sealed class SortedValuesTests
{
    [Fact]
    public void Agrees_with_a_sorted_list_through_any_sequence_of_insertions_and_removals()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new SeededRandom(seed);
            var values = new SortedValues();
            var plain = new List<double>();
            for (var i = 0; i < 3000; i++)
            {
                // Few distinct values in odd rounds, so that equal ones meet at the edges of blocks.
                var value = seed % 2 == 0 ? random.NextDouble() : random.Next(5);
                if (random.Next(3) == 0)
                {
                    Assert.Equal(plain.Remove(value), values.Remove(value));
                }
                else
                {
                    values.Add(value);
                    plain.Add(value);
                }
            }

            plain.Sort();
            Assert.Equal(plain.Count, values.Count);
            for (var i = 0; i < plain.Count; i++)
            {
                Assert.Equal(plain[i], values[i]);
                Assert.Equal(plain.FindIndex(v => v >= plain[i]), values.CountBelow(plain[i]));
            }

            Assert.Equal(plain.Count, values.CountBelow(double.PositiveInfinity));
        }
    }

    [Fact]
    public void Removes_nothing_from_nothing() => Assert.False(new SortedValues().Remove(1));
}
