using System.Text.Json.Serialization;
using Hone.Budgets;

namespace Hone.Tracking.Store;

/// <summary>The JSON in the store's columns.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(StudyDefinition))]
[JsonSerializable(typeof(Spending))]
internal sealed partial class StoreJson : JsonSerializerContext;
