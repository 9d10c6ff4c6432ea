// A storage that speaks S3, with one bucket, over the folder it is given. The first line is its port; it ends with its standard input.
const S3rver = require('s3rver')

const [directory, bucket] = process.argv.slice(2)
const storage = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets: [{ name: bucket }] })
storage.run().then(({ port }) => console.log(port), (error) => {
  console.error(error)
  process.exitCode = 1
})
process.stdin.resume()
process.stdin.on('end', () => process.exit())
