#!/bin/sh
# Makes the benchmark program one file of some 14 MB that runs on any 64-bit Linux without .NET: publish.sh [FOLDER]
set -eu
cd "$(dirname "$0")/../.."
dotnet publish bench/Hone.Benchmarks -c Release -r linux-x64 --self-contained -o "${1:-artifacts/hone-bench}" \
    -p:PublishSingleFile=true -p:EnableCompressionInSingleFile=true -p:PublishTrimmed=true -p:TrimMode=full \
    -p:SuppressTrimAnalysisWarnings=true -p:TreatWarningsAsErrors=false -p:DebugType=none -p:GenerateDocumentationFile=false
