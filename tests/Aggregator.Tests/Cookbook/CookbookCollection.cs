namespace Delivery.Aggregator.Tests.Cookbook;

/// <summary>One engine with the small world for all tests that read it.</summary>
[CollectionDefinition(Name)]
public sealed class CookbookCollection : ICollectionFixture<CookbookWorld>
{
    public const string Name = "cookbook";
}
